import init, { PriceBook } from "@scrip/embed";
import { useEffect, useState } from "react";

/** The built-in price book, once the package has loaded; loading it twice is harmless. */
export function usePriceBook() {
  const [book, setBook] = useState();
  useEffect(() => {
    let gone = false;
    init().then(() => gone || setBook(PriceBook.builtin()));
    return () => {
      gone = true;
    };
  }, []);
  return book;
}
