// Synth tests print a page of deprecation notices of aws-cdk-lib otherwise, and newer releases lint every template.
process.env.JSII_DEPRECATED = 'quiet';
process.env.CDK_VALIDATION = 'false';
