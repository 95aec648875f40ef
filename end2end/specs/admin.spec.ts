import { test } from "../fixtures";
import { operatorTests, WITH_OPERATOR } from "../fixtures/operator";

test.use({ settings: WITH_OPERATOR });

operatorTests();
