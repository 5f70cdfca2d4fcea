// The model: anything that turns the fields into text. This one streams its words, as a real model would.
function model(fields) {
  const words = Object.values(fields).filter((value) => typeof value === "string").join(" ").toUpperCase().split(/(?<= )/);
  return new ReadableStream({
    async start(controller) {
      for (const word of words) {
        controller.enqueue(word);
        await new Promise((resume) => setTimeout(resume, 30));
      }
      controller.close();
    },
  });
}

// The widget has debited one credit: `debit` is the ledger's own answer. A plain string would do as well as a stream.
// Listening before the widget is there, a run that a reload interrupted is answered too, with the same debit.
document.addEventListener("scrip-run", (event) => {
  const { fields, debit } = event.detail;
  console.info("answering under the debit", debit.id);
  event.target.answer(model(fields));
});

// An ordinary page pastes the tag into its HTML instead:
//   <script async src="https://SCRIP_HOST/embed.js" data-embed="emb_…" data-run="page"></script>
const { endpoint, embed } = Object.fromEntries(new URLSearchParams(location.search));
if (endpoint && embed) {
  const script = document.createElement("script");
  script.src = new URL("/embed.js", endpoint).href;
  script.dataset.embed = embed;
  script.dataset.run = "page";
  document.querySelector("#place").after(script);
} else {
  document.querySelector("#place").textContent = "Open this page as index.html?endpoint=https://SCRIP_HOST&embed=emb_…";
}
