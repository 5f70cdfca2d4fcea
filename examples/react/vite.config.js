export default { base: "./", optimizeDeps: { exclude: ["@scrip/embed"] }, oxc: { jsx: { runtime: "automatic" } } };
