// In development Vite would move the package away from the Wasm file beside it.
export default { base: "./", optimizeDeps: { exclude: ["@scrip/embed"] } };
