/// How the page looks: in the system's own type and in one column; colours as variables, of which dark screens have others.
package enum PageStyle {
  package static let sheet: StaticString = """
    :root {
      --paper: #fcfcfb; --card: #f3f3f1; --ink: #1c1c1e; --faint: #6b6b70; --rule: #dededa;
      --s0: #3b6fb6; --s1: #e07b1f; --s2: #3a9a6b; --s3: #b04a8f; --s4: #8a6d3b; --s5: #c0392b;
      --right: 59 111 182; --wrong: 206 66 43; --good: #2b7a4b; --bad: #b5381f;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #17181a; --card: #212327; --ink: #e9e9ea; --faint: #9b9ca3; --rule: #36383d;
        --s0: #7aa8e8; --s1: #f2a45c; --s2: #6cc79b; --s3: #d98cc0; --s4: #c9a76a; --s5: #ef7f70;
        --right: 90 142 214; --wrong: 226 96 72; --good: #6fcf97; --bad: #f08a73;
      }
    }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto,
      "Helvetica Neue", "DejaVu Sans", sans-serif; -webkit-text-size-adjust: 100%; }
    main { max-width: 66rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
    h1 { font-size: 2rem; line-height: 1.2; letter-spacing: -0.02em; margin: 0; overflow-wrap: anywhere; }
    h2 { font-size: 1.2rem; line-height: 1.3; margin: 0 0 0.75rem; }
    p { margin: 0.5rem 0; max-width: 46rem; overflow-wrap: anywhere; }
    pre { margin: 0.5rem 0 1.25rem; padding: 0.9rem 1rem; max-width: 46rem; background: var(--card); border-radius: 10px;
      font: 0.85rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
    section { margin: 0 0 2.75rem; }
    .subtitle { color: var(--faint); margin: 0.4rem 0 1.75rem; }
    h1:last-child { margin-bottom: 1.5rem; }
    td, th, dd, dt, b, span, p { unicode-bidi: isolate; }

    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: 0.75rem; }
    .figure { background: var(--card); border-radius: 10px; padding: 0.9rem 1rem; }
    .figure .name { color: var(--faint); font-size: 0.85rem; }
    .figure .value { font-size: 1.75rem; font-weight: 600; letter-spacing: -0.02em; line-height: 1.3;
      font-variant-numeric: tabular-nums; }
    .figure .aim { font-size: 0.8rem; }
    .reached { color: var(--good); }
    .missed { color: var(--bad); }
    dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.2rem 1.25rem; margin: 1.5rem 0 0;
      font-size: 0.9rem; }
    dt { color: var(--faint); }
    dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }

    .scroll { overflow-x: auto; margin: 0.75rem 0; }
    table { border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
    th { font-weight: 600; text-align: left; }
    .grid th, .grid td { padding: 0.3rem 0.9rem 0.3rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
    .grid thead th { color: var(--faint); font-weight: 500; white-space: nowrap; }
    .grid td { overflow-wrap: break-word; }
    .grid tr > :last-child { padding-right: 0; }
    .grid .number, .bars .number { text-align: right; white-space: nowrap; }
    .bars { width: 100%; max-width: 46rem; }
    .bars th { font-weight: 400; padding: 0.15rem 0.9rem 0.15rem 0; white-space: nowrap; max-width: 16rem;
      overflow: hidden; text-overflow: ellipsis; }
    .bars .track { width: 100%; min-width: 6rem; }
    .bars .bar { height: 0.8rem; background: var(--s0); border-radius: 0 3px 3px 0; min-width: 1px; }
    .bars .number { padding-left: 0.9rem; color: var(--faint); }

    .confusion td, .confusion th { padding: 0; height: 2.1rem; text-align: center; }
    .confusion td { min-width: 2.4rem; padding: 0 0.3rem; border: 1px solid var(--paper); border-radius: 4px; }
    .confusion tbody th { text-align: right; padding-right: 0.7rem; font-weight: 500; white-space: nowrap; }
    .confusion thead th { font-weight: 500; vertical-align: bottom; padding-bottom: 0.3rem; }
    .confusion .corner { color: var(--faint); font-weight: 400; font-size: 0.75rem; padding-right: 0.7rem;
      text-align: right; white-space: nowrap; }
    .confusion .upright span { writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; }
    .confusion .none { color: var(--faint); opacity: 0.5; }
    .confusion .deep { color: #fff; }

    .beside { display: flex; flex-wrap: wrap; gap: 0.5rem 3rem; align-items: flex-start; }
    .beside > * { max-width: 100%; }

    .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); gap: 1.5rem 2rem; }
    .plot { margin: 0; max-width: 32rem; }
    .plot figcaption { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: baseline; font-size: 0.85rem; }
    .plot figcaption b { font-weight: 600; }
    .key { color: var(--faint); white-space: nowrap; }
    .key i { display: inline-block; width: 0.75rem; height: 0.25rem; border-radius: 2px; margin-right: 0.35rem;
      vertical-align: 0.2rem; background: var(--c); }
    svg { display: block; width: 100%; height: auto; font-size: 12px; }
    svg text { fill: var(--faint); }
    svg .rule { stroke: var(--rule); stroke-width: 1; fill: none; }
    svg .diagonal { stroke: var(--faint); stroke-width: 1; stroke-dasharray: 4 4; fill: none; }
    svg .line { stroke: var(--c); stroke-width: 2; fill: none; stroke-linejoin: round; stroke-linecap: round; }
    svg .cloud { stroke: var(--c); stroke-width: 4; stroke-opacity: 0.35; stroke-linecap: round; fill: none; }
    svg .dot, svg .column { fill: var(--c); }

    .pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.25rem, 1fr)); gap: 1.25rem 1rem; }
    .pictures:has(.pair) { grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); }
    .pictures figure { margin: 0; break-inside: avoid; font-size: 0.8rem; }
    .pictures figure div { display: flex; gap: 0.4rem; }
    .pictures img { width: 100%; min-width: 0; flex: 1 1 0; aspect-ratio: 1; object-fit: contain; background: var(--card);
      border-radius: 6px; }
    .pictures .small { image-rendering: pixelated; }
    .pictures figcaption { margin-top: 0.35rem; line-height: 1.35; overflow-wrap: anywhere; }
    .pictures figcaption b, .pictures figcaption span { display: block; }
    .pictures figcaption b { font-weight: 600; }
    .pictures figcaption span { color: var(--faint); }

    details { margin: 0.75rem 0; }
    summary { cursor: pointer; color: var(--faint); font-size: 0.9rem; }
    @media (max-width: 34rem) {
      main { padding: 1.5rem 1rem 3rem; }
      h1 { font-size: 1.6rem; }
      .figures { grid-template-columns: 1fr 1fr; }
      .figure .value { font-size: 1.4rem; }
      .pictures { grid-template-columns: repeat(3, 1fr); gap: 0.9rem 0.6rem; }
      .pictures:has(.pair) { grid-template-columns: 1fr 1fr; }
      .confusion { font-size: 0.75rem; }
      .confusion td { min-width: 1.8rem; padding: 0 0.15rem; }
      .confusion td, .confusion th { height: 1.75rem; }
    }
    @media print {
      body { font-size: 11px; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
      main { max-width: none; padding: 0; }
      section, .plot, .figure, tr { break-inside: avoid; }
      section:has(.pictures) { break-inside: auto; }
      .scroll { overflow: visible; }
    }

    """
}
