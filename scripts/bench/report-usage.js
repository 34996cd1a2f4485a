import { writeFileSync } from 'node:fs';

// Preloaded into a measured process: leaves what it used in the file that the environment names.
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMebibytes: maxRSS / 1024 };
  writeFileSync(process.env.RACE_LINT_USAGE_FILE, JSON.stringify(usage));
});
