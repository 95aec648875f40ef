import { defineConfig } from "@playwright/test";
import { browserLaunch } from "./fixtures/browser";

export default defineConfig({
  testDir: "specs",
  outputDir: "test-results",
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  // A test that passes only sometimes is a failure to look into.
  retries: 0,
  workers: 2,
  timeout: 30_000,
  expect: { timeout: 7_000 },
  reporter: "list",
  use: {
    browserName: "chromium",
    launchOptions: browserLaunch,
    locale: "en-US",
    trace: "off",
    screenshot: "only-on-failure",
  },
});
