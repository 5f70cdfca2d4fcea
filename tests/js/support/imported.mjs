/** Options of a test that wants the imported book of `cargo xtask test package`: left out by hand, never in CI. */
export function importedBook() {
  if (process.env.SCRIP_IMPORTED_BOOK || process.env.CI) return {};
  return { skip: "SCRIP_IMPORTED_BOOK names no book; `cargo xtask test package` sets it" };
}
