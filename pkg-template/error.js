// A file of its own, since the entries of the package share the class.
export class ScripError extends Error {
  static name = "ScripError"; // minifying would shorten it
  constructor(code, message, path) {
    super(message);
    this.name = "ScripError";
    this.code = code;
    if (path !== undefined) this.path = path;
  }
}

/** Rust throws `{code, message, path}`; anything else is not ours and passes as it is. */
export const scripError = (fault) =>
  fault && !(fault instanceof Error) && typeof fault.code === "string"
    ? new ScripError(fault.code, fault.message, fault.path ?? "")
    : fault;
