"""From a survey to a city that is handed over: the commands of `cps city` that WeGO staff go through in order."""
