import Applications
import Hummingbird

/// The page on which a model is tried: one file, without a framework, that asks `/model` what to show.
enum ServicePage {
  static let response = Response(
    status: .ok,
    headers: [
      .contentType: "text/html; charset=utf-8", .cacheControl: "no-cache",
      // Nothing comes from elsewhere, and nothing goes there.
      .contentSecurityPolicy: "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
        + "img-src blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ],
    body: ResponseBody(byteBuffer: ByteBuffer(string: text)))

  private static let text = """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Glassbox</title>
    <link rel="icon" href="data:,">
    <style>
    \(PageStyle.sheet)\(sheet)
    </style>
    </head>
    <body>
    <main>
    <h1 id="title">Glassbox</h1>
    <p class="subtitle" id="subtitle">Asking the model what it does …</p>
    <div class="try">
    <section id="ask" aria-label="Your input"></section>
    <section id="answer" aria-label="The answer" aria-live="polite"></section>
    </div>
    <section><dl id="facts"></dl></section>
    </main>
    <script>
    \(script)
    </script>
    </body>
    </html>

    """

  private static let sheet: StaticString = """
    .try { display: grid; grid-template-columns: minmax(0, 22rem) minmax(0, 1fr); gap: 2rem 3rem; align-items: start; }
    .try.wide { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
    .try.one { grid-template-columns: minmax(0, 46rem); }
    .try section { margin: 0 0 1.5rem; }
    .try .fields { margin-top: 1rem; }
    .board { display: block; width: 100%; aspect-ratio: 1; border-radius: 14px; background: var(--card);
      border: 1px solid var(--rule); touch-action: none; cursor: crosshair; }
    .hint { color: var(--faint); font-size: 0.85rem; }
    .row { display: flex; flex-wrap: wrap; gap: 0.6rem; align-items: center; margin: 0.9rem 0; }
    button, .button { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--rule);
      border-radius: 8px; padding: 0.4rem 0.95rem; cursor: pointer; }
    button:hover, .button:hover { border-color: var(--faint); }
    button.main { background: var(--s0); border-color: var(--s0); color: var(--paper); }
    button:disabled { opacity: 0.5; cursor: default; }
    input[type=file] { position: absolute; opacity: 0; width: 1px; height: 1px; }
    input[type=file]:focus-visible + .button, button:focus-visible, .board:focus-visible, textarea:focus-visible,
    input:focus-visible { outline: 2px solid var(--s0); outline-offset: 2px; }
    textarea, .field input { font: inherit; width: 100%; color: var(--ink); background: var(--card);
      border: 1px solid var(--rule); border-radius: 10px; padding: 0.7rem 0.85rem; }
    textarea { min-height: 11rem; resize: vertical; line-height: 1.5; }
    .fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: 0.75rem 1rem; }
    .field label { display: block; color: var(--faint); font-size: 0.85rem; margin-bottom: 0.2rem; }
    .field input { padding: 0.4rem 0.6rem; border-radius: 8px; }
    .verdict { display: flex; align-items: center; gap: 1.25rem; margin: 0 0 1.1rem; min-height: 4.5rem; }
    .verdict b { font-size: 3.25rem; line-height: 1.1; letter-spacing: -0.03em; font-weight: 650;
      overflow-wrap: anywhere; }
    .verdict b.long { font-size: 1.9rem; }
    .verdict span { color: var(--faint); }
    .seen { width: 4.5rem; height: 4.5rem; image-rendering: pixelated; border-radius: 8px; background: #000; flex: none;
      margin-left: auto; }
    .try .bars { max-width: none; }
    .try .bars .track { background: var(--card); border-radius: 3px; }
    .try .bars .bar { border-radius: 3px; transition: width 0.15s ease-out; }
    .try .bars tr.first th { font-weight: 600; }
    .try .bars tr:not(.first) .bar { opacity: 0.55; }
    .problem { color: var(--bad); }
    .story { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 1.05rem; line-height: 1.65; max-width: 46rem;
      min-height: 6rem; }
    .story .given { color: var(--faint); }
    .story.going::after { content: ""; display: inline-block; width: 0.5rem; height: 1.1rem; vertical-align: -0.2rem;
      margin-left: 0.15rem; background: var(--s0); animation: blink 1s steps(2) infinite; }
    @keyframes blink { 50% { opacity: 0; } }
    @media (prefers-reduced-motion: reduce) { .story.going::after { animation: none; } .try .bars .bar { transition: none; } }
    @media (max-width: 46rem) { .try, .try.wide { grid-template-columns: minmax(0, 1fr); gap: 1.5rem; } }
    """
}
