// What every page loads: it starts what the page asks for.
import { startWithin } from "./starting.js";

startWithin(document);
