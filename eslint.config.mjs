/** Type-checked rules, and this project's own: what may not be used where. */
import eslint from '@eslint/js';
import temporal from 'eslint-plugin-temporal';
import tseslint from 'typescript-eslint';

/** Hard limits; the aim is well below (a median file of 100 lines, functions of 40). */
const FILE_LINES_MAX = 500;
const FUNCTION_LINES_MAX = 70;

const NO_SHARED_DECIMAL = {
  name: 'decimal.js',
  message: 'Use domain/money.ts: decimal.js keeps its configuration on a shared class.',
};

const LOCAL_ACTIVITIES_IN_ONE_PLACE = {
  name: '@temporalio/workflow',
  importNames: ['proxyLocalActivities', 'scheduleLocalActivity'],
  message:
    'Use workflows/activities.ts: two local activities side by side make a history that cannot be replayed.',
};

/** In rules and workflows the same input must give the same result, on a replay years later too. */
const NO_AMBIENT_INPUT = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Take `now` as an argument.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Take `now` as an argument.',
  },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: 'Take what is random as an argument.',
  },
  {
    selector: "MemberExpression[object.name='process']",
    message: 'Take settings as arguments; the environment is read in config/.',
  },
];

export default tseslint.config(
  {
    ignores: [
      'node_modules/',
      'dist/',
      'coverage/',
      '.ballast/',
      'store/generated/',
      'sdk/src/generated/',
      'sdk/dist/',
    ],
  },
  eslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      // Ports and stores are closures over what they need, written as methods.
      '@typescript-eslint/unbound-method': 'off',
      // Ports are asynchronous where one of their adapters is.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      'no-restricted-imports': [
        'error',
        { paths: [NO_SHARED_DECIMAL, LOCAL_ACTIVITIES_IN_ONE_PLACE] },
      ],
      // The types know better.
      'no-undef': 'off',
    },
  },
  {
    files: ['**/*.{ts,tsx,mjs}'],
    rules: {
      'max-lines': ['error', { max: FILE_LINES_MAX }],
      'max-lines-per-function': ['error', { max: FUNCTION_LINES_MAX }],
      eqeqeq: 'error',
      'no-console': 'off',
    },
  },
  {
    files: ['domain/money.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    files: ['workflows/activities.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: [NO_SHARED_DECIMAL] }] },
  },
  {
    files: ['domain/**/*.ts', 'workflows/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...NO_AMBIENT_INPUT] },
  },
  {
    files: ['workflows/**/*.ts'],
    plugins: { temporal },
    rules: {
      ...temporal.configs.recommended.rules,
      // typescript-eslint's rule sees the types, and so what is no promise.
      'temporal/workflow-no-floating-promises': 'off',
      // Message names are kept in contract/, like all other names that cross a process.
      'temporal/workflow-message-name-literal': 'off',
      // It counts every function as a workflow.
      'temporal/workflow-prefer-single-object-args': 'off',
      // A trade may wait for weeks; what has a limit has its own durable timer.
      'temporal/workflow-condition-timeout-style': 'off',
      // Recorded histories are replayed by the tests, without a comment saying so.
      'temporal/workflow-replay-testing-required-comment': 'off',
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        ['process', 'console', 'fetch', 'URL', 'AbortSignal', 'performance', 'Buffer']
          .concat(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate'])
          .concat(['globalThis', 'WebSocket', 'TextDecoder', 'TextEncoder'])
          .map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: ['tests/**/*.ts'],
    rules: {
      // A describe block is a list of cases, however long.
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
);
