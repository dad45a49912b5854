// Quantiles of what was measured a few times.

/** Lower quartile, median and upper quartile. */
export function spread(values) {
  return { low: quantile(values, 0.25), median: quantile(values, 0.5), high: quantile(values, 0.75) };
}

/** The value of rank `share`, 0 to 1; none is made up between two. */
export function quantile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.round((sorted.length - 1) * share)];
}

/** Of two arms, round by round. */
export function ratios(arm, base) {
  return spread(arm.map((value, round) => value / base[round]));
}
