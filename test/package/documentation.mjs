// Whether every public member says what it is, and every prop that may be left out says what then holds; and whether every parameter has
// a name. Read from .jsii, which is what the documentation of all languages is made of.

/** What jsii calls a parameter that is taken apart where it is declared. */
const NAMELESS = /^_/;

/** @returns {{figures: string, faults: string[]}} */
export function checkDocumentation({ types }) {
  const members = Object.values(types).flatMap(membersOf);
  const optional = members.filter(({ needsDefault }) => needsDefault);
  const mute = members.filter(({ docs }) => !docs?.summary);
  const unsure = optional.filter(({ docs }) => !docs?.default);
  const nameless = members.filter(({ parameters = [] }) => parameters.some(({ name }) => NAMELESS.test(name)));
  return {
    figures: [
      `${members.length} types and members, ${percentage(members, mute)} documented`,
      `${optional.length} optional props, ${percentage(optional, unsure)} with @default`,
    ].join('; '),
    faults: [
      ...mute.map(({ name }) => `${name} is not documented`),
      ...unsure.map(({ name }) => `${name} may be left out and has no @default`),
      ...nameless.map(({ name }) => `${name} has a parameter without a name of its own`),
    ],
  };
}

function membersOf({ fqn, docs, datatype, members = [], properties = [], methods = [], initializer }) {
  return [
    { name: fqn, docs, parameters: initializer?.parameters },
    ...members.map((member) => ({ name: `${fqn}.${member.name}`, docs: member.docs })),
    ...properties.map((property) => ({
      name: `${fqn}.${property.name}`,
      docs: property.docs,
      needsDefault: datatype === true && property.optional === true,
    })),
    ...methods.map(({ name, docs, parameters }) => ({ name: `${fqn}.${name}()`, docs, parameters })),
  ];
}

function percentage(all, lacking) {
  return `${((100 * (all.length - lacking.length)) / Math.max(1, all.length)).toFixed(1)} %`;
}
