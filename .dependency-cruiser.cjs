/**
 * The arrow check: arrows point one way (docs/engineer/house.md).
 * http, telephony -> features -> database, settings; rules import nothing but types.
 */
const features =
  'access|agents|dialing|phones|trunks|calls|callcenters|monitoring|seating|outbound|guidance|practice';

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'ari-knows-nothing-of-us',
      severity: 'error',
      from: { path: '^packages/ari/src', pathNot: '\\.test(-kit)?\\.ts$' },
      to: { path: '^packages/(engine|server|console)/' },
    },
    {
      name: 'engine-knows-nothing-of-call-centers',
      severity: 'error',
      from: { path: '^packages/engine/src' },
      to: { path: '^packages/(ari|server|console)/' },
    },
    {
      name: 'console-takes-only-types-from-the-server',
      severity: 'error',
      from: { path: '^packages/console/src' },
      to: { path: '^packages/(ari|engine|server)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'server-does-not-reach-engine-or-console',
      severity: 'error',
      from: { path: '^packages/server/src' },
      to: { path: '^packages/(engine|console)/' },
    },
    {
      name: 'features-do-not-reach-the-edge',
      severity: 'error',
      from: { path: `^packages/server/src/(${features})/`, pathNot: '(routes|forms|\\.test)\\.ts$' },
      to: { path: '^packages/server/src/(http|telephony)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'ground-does-not-reach-up',
      severity: 'error',
      from: { path: '^packages/server/src/(database|settings)/', pathNot: '\\.test\\.ts$' },
      to: { path: `^packages/server/src/(${features}|http|telephony)/`, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'rules-are-pure',
      comment: 'rules.ts may take types, constants of other rules, and nothing else.',
      severity: 'error',
      from: { path: '/rules\\.ts$' },
      to: { pathNot: '(/rules|/errors)\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-main-and-cli-know-everybody',
      severity: 'error',
      from: { path: '^packages/server/src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/server/src/(main|cli)\\.ts$' },
    },
    {
      name: 'not-from-tests',
      severity: 'error',
      from: { path: '^packages/[^/]+/src', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^(test|bench)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|build|generated|node_modules)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
