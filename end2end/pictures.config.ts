import { defineConfig } from "@playwright/test";
import tests from "./playwright.config";

/** `cargo xtask pictures`: the widget in every state, into docs/pictures. */
export default defineConfig(tests, {
  testDir: "pictures",
  workers: 1,
  use: { deviceScaleFactor: 2, viewport: { width: 1180, height: 700 } },
});
