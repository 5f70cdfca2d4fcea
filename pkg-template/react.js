"use client";
// The elements as components of React. They are drawn by the browser, so a server-side render gives their empty tags.
import { createElement, forwardRef, useEffect, useImperativeHandle, useLayoutEffect, useRef } from "react";
import "./widget.js";

// An event may come before the first paint. A server has neither, and React 18 would complain there.
const useEarlyEffect = globalThis.document ? useLayoutEffect : useEffect;

// Lists of models and modes.
const text = (value) => (Array.isArray(value) ? value.join(" ") : value);

/** `names`: attributes by their property; `events`: types of events by their property. */
const component = (tag, name, names, events) => {
  const Component = forwardRef((props, ref) => {
    const element = useRef(null);
    const latest = useRef(props);
    useImperativeHandle(ref, () => element.current);
    useEarlyEffect(() => {
      latest.current = props;
    });
    useEarlyEffect(() => {
      const listeners = Object.entries(events).map(([property, type]) => [type, (event) => latest.current[property]?.(event)]);
      for (const [type, listener] of listeners) element.current.addEventListener(type, listener);
      return () => {
        for (const [type, listener] of listeners) element.current?.removeEventListener(type, listener);
      };
    }, []);
    const { children, ...rest } = props;
    const given = Object.entries(rest).filter(([property]) => !(property in events));
    const attributes = Object.fromEntries(given.map(([property, value]) => [names[property] ?? property, text(value)]));
    return createElement(tag, { ...attributes, ref: element }, children);
  });
  Component.displayName = name;
  return Component;
};

export const ScripPickaxe = component("scrip-pickaxe", "ScripPickaxe", { className: "class", visitorToken: "visitor-token" }, {
  onReady: "scrip-ready",
  onSubmit: "scrip-submit",
  onRun: "scrip-run",
  onDelta: "scrip-delta",
  onDone: "scrip-done",
  onCapped: "scrip-capped",
  onError: "scrip-error",
});

export const ScripCalculator = component("scrip-calculator", "ScripCalculator", { className: "class" }, { onEstimate: "scrip-estimate" });
