// Blazor starts by hand, to try again patiently: about ten minutes, then the page asks for the server itself (portal.js).
Blazor.start({
  circuit: {
    reconnectionOptions: {
      maxRetries: 120,
      retryIntervalMilliseconds: attempt => (attempt < 4 ? 500 : attempt < 10 ? 2000 : 5000),
    },
  },
});
