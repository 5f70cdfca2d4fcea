import { answered, json, loaded, millis, text } from "./load.js";

export class Allowance {
  #rolling;

  constructor(options) {
    this.#rolling = new (loaded().Rolling)();
    const isState = options instanceof State;
    const given = (isState ? options.state : options) ?? null;
    answered(this.#rolling.load(json(given, isState ? "invalid_state" : undefined), isState));
  }

  #ask(call, at, amount = "", spentAt = 0) {
    return answered(this.#rolling.ask(call, text(amount), millis(at), millis(spentAt)));
  }

  available(at) {
    return this.#ask("available", at);
  }

  spend(amount, at) {
    return new Date(+this.#ask("spend", at, amount));
  }

  refund(amount, spentAt, at) {
    return this.#ask("refund", at, amount, spentAt);
  }

  setCapacity(capacity, at) {
    this.#ask("setCapacity", at, capacity);
  }

  returns(at) {
    return JSON.parse(this.#ask("returns", at), (name, value) => (name === "at" ? new Date(value) : value));
  }

  toJSON() {
    return JSON.parse(this.#ask("toJSON", 0));
  }

  static fromJSON(state) {
    return new Allowance(new State(state));
  }
}

/** Marks what `fromJSON` gives to the constructor, which nobody else can. */
class State {
  constructor(state) {
    this.state = state;
  }
}
