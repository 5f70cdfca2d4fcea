/** The script-tag loader: importing it puts an embed where the page's `<script data-embed="…">` stands, and gives nothing. */
export {};
