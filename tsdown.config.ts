import { defineConfig } from 'tsdown';

/** Three entries that share one copy of the engine: the plugin, the programming interface and the command. */
export default defineConfig({
  entry: { index: 'src/plugin.ts', api: 'src/api.ts', cli: 'src/cli/main.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  dts: { entry: ['src/plugin.ts', 'src/api.ts'] },
  clean: true,
  fixedExtension: false,
  outputOptions: { chunkFileNames: 'chunks/[name]-[hash].js' },
});
