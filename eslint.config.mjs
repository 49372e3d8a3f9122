import cdkPlugin from 'eslint-cdk-plugin';

const { languageOptions, plugins, rules } = cdkPlugin.configs.recommended;

// What CDK asks of constructs. The rest is oxlint's: see .oxlintrc.json.
export default [
  {
    files: ['bin/**/*.ts', 'examples/**/*.ts', 'lib/**/*.ts'],
    plugins,
    languageOptions: {
      ...languageOptions,
      parserOptions: { project: 'tsconfig.eslint.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      ...rules,
      // It does not know a default value (`props: Props = {}`), which is how CDK itself writes optional props.
      'cdk/construct-constructor-property': 'off',
    },
  },
];
