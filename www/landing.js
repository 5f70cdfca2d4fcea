// The snippet names the server this page came from.
for (const host of document.querySelectorAll("[data-host]")) host.textContent = location.host;
