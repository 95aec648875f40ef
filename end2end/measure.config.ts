import { defineConfig } from "@playwright/test";
import tests from "./playwright.config";

/** `cargo xtask measure`: how soon the widget can be used; the figures of docs/performance.md. */
export default defineConfig(tests, { testDir: "measure", workers: 1, timeout: 300_000 });
