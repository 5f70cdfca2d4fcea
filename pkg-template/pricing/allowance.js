import { call, millis, text } from "./load.js";

export class Allowance {
  #rolling;

  constructor(options) {
    this.#rolling = call((rust) => (options instanceof rust.Rolling ? options : new rust.Rolling(options)));
  }

  available(at) {
    return call(() => this.#rolling.available(millis(at)));
  }

  spend(amount, at) {
    return call(() => new Date(this.#rolling.spend(text(amount), millis(at))));
  }

  refund(amount, spentAt, at) {
    return call(() => this.#rolling.refund(text(amount), millis(spentAt), millis(at)));
  }

  setCapacity(capacity, at) {
    call(() => this.#rolling.setCapacity(text(capacity), millis(at)));
  }

  returns(at) {
    return call(() => this.#rolling.returns(millis(at)));
  }

  toJSON() {
    return call(() => this.#rolling.toJSON());
  }

  static fromJSON(json) {
    return call((rust) => new Allowance(rust.Rolling.fromJSON(json)));
  }
}
