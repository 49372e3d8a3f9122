import cdkPlugin from 'eslint-cdk-plugin';
import jest from 'eslint-plugin-jest';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      'node_modules/',
      'coverage/',
      '**/cdk.out/',
      'assets/',
      'dist/',
      'packages/',
      'test/package/app/',
      '**/*.js',
      '**/*.cjs',
      '**/*.mjs',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['bin/**/*.ts', 'examples/**/*.ts', 'lib/**/*.ts'],
    ...cdkPlugin.configs.recommended,
    rules: {
      ...cdkPlugin.configs.recommended.rules,
      // It does not know a default value (`props: Props = {}`), which is how CDK itself writes optional props.
      'cdk/construct-constructor-property': 'off',
    },
  },
  {
    files: ['test/**/*.ts'],
    ...jest.configs['flat/recommended'],
    rules: {
      ...jest.configs['flat/recommended'].rules,
      // A test where there is a browser, and a skipped one where there is none.
      'jest/no-standalone-expect': ['error', { additionalTestBlockFunctions: ['inChromium'] }],
      // The assertions of aws-cdk-lib/assertions are methods of a template.
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect', '**.hasResource*', '**.resourceCountIs'] }],
    },
  },
);
