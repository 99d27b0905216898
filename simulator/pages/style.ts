/** The one style sheet of all pages. */
export const style = `
:root {
  color-scheme: light dark;
  --ink: #14213d; --soft: #5b6780; --line: #dfe4ee; --paper: #f4f6fb; --card: #ffffff;
  --accent: #1f5eff; --accent-ink: #ffffff; --good: #0f7b4f; --good-bg: #dcf5e9; --bad: #b3261e; --bad-bg: #fde7e5;
  --warn: #8a5a00; --warn-bg: #fff1d1; --calm-bg: #e8edf9;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e8ecf6; --soft: #9aa6bf; --line: #2c3650; --paper: #0f1524; --card: #182034;
    --accent: #6f9bff; --accent-ink: #0b1120; --good: #6fdcab; --good-bg: #12382a; --bad: #ff9d95; --bad-bg: #451d1b;
    --warn: #ffcf70; --warn-bg: #3d2f0d; --calm-bg: #25304b;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 0 20px 48px; }
main.narrow { max-width: 460px; padding-top: 32px; }
header.top { background: var(--card); border-bottom: 1px solid var(--line); margin-bottom: 24px; }
header.top > div { max-width: 1180px; margin: 0 auto; padding: 16px 20px; display: flex; flex-wrap: wrap; gap: 12px 24px; align-items: center; }
header.top h1 { font-size: 20px; margin: 0; }
header.top p { margin: 0; color: var(--soft); font-size: 13px; }
.grow { flex: 1; }
h1 { font-size: 22px; line-height: 1.25; } h2 { font-size: 16px; margin: 32px 0 12px; display: flex; gap: 8px; align-items: baseline; flex-wrap: wrap; }
h2 small, .soft { color: var(--soft); font-weight: 400; font-size: 13px; }
code, .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 13px; overflow-wrap: anywhere; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 18px; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 16px; align-items: start; }
.card .head { display: flex; justify-content: space-between; gap: 12px; align-items: start; }
.bar { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; }
.below { margin-top: 12px; }
.amount { font-size: 22px; font-weight: 650; letter-spacing: -.01em; margin: 4px 0; }
.facts { display: grid; grid-template-columns: auto 1fr; gap: 4px 14px; margin: 12px 0; }
.facts dt { color: var(--soft); font-size: 13px; } .facts dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
.facts dd.number { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 15px; font-weight: 600; }
img.qr { display: block; width: 168px; height: 168px; margin: 12px auto; border-radius: 10px; border: 1px solid var(--line); image-rendering: pixelated; background: #fff; }
main.narrow img.qr { width: 232px; height: 232px; }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 12px; }
button, .button { font: inherit; font-size: 14px; font-weight: 600; border: 1px solid var(--line); background: var(--card); color: var(--ink); border-radius: 9px; padding: 7px 14px; cursor: pointer; text-decoration: none; display: inline-block; }
button:hover, .button:hover { border-color: var(--accent); }
button:focus-visible, .button:focus-visible, input:focus-visible, select:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button.main, .button.main { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
button.bad { color: var(--bad); }
button.small { padding: 3px 9px; font-size: 12.5px; border-radius: 7px; }
.wide { width: 100%; text-align: center; padding: 11px; }
.badge { display: inline-block; padding: 1px 9px; border-radius: 99px; font-size: 12.5px; font-weight: 600; background: var(--calm-bg); white-space: nowrap; }
.badge.good { background: var(--good-bg); color: var(--good); } .badge.bad { background: var(--bad-bg); color: var(--bad); } .badge.warn { background: var(--warn-bg); color: var(--warn); }
.table { overflow-x: auto; padding: 0; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: 9px 14px; border-top: 1px solid var(--line); vertical-align: top; }
th { border-top: 0; color: var(--soft); font-size: 12.5px; font-weight: 600; } td.right, th.right { text-align: right; white-space: nowrap; }
td .buttons { margin-top: 0; gap: 6px; }
.empty { color: var(--soft); text-align: center; padding: 26px; }
details summary { cursor: pointer; } pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--paper); border-radius: 9px; padding: 10px; font-size: 12.5px; margin: 8px 0 0; }
form.line { display: flex; flex-wrap: wrap; gap: 8px; align-items: end; } label { display: block; font-size: 13px; color: var(--soft); }
input, select { font: inherit; font-size: 14px; padding: 7px 10px; border: 1px solid var(--line); border-radius: 9px; background: var(--card); color: var(--ink); width: 100%; }
label.tick { display: flex; gap: 6px; align-items: center; padding-bottom: 8px; } label.tick input { width: auto; }
form.stack { display: grid; gap: 12px; margin-top: 16px; } .two { display: grid; grid-template-columns: 1fr 1fr; gap: 10px; }
.pick { display: grid; gap: 8px; margin-top: 16px; } .pick button { width: 100%; text-align: left; padding: 12px 14px; display: flex; justify-content: space-between; }
.pick button::after { content: "\\203A"; color: var(--soft); }
.notice { border-radius: 10px; padding: 10px 14px; background: var(--calm-bg); margin: 14px 0; } .notice.bad { background: var(--bad-bg); color: var(--bad); } .notice.good { background: var(--good-bg); color: var(--good); }
.brand { color: var(--soft); font-size: 13px; text-align: center; margin-top: 20px; }
#toast { position: fixed; bottom: 20px; left: 50%; transform: translateX(-50%); background: var(--ink); color: var(--card); padding: 10px 18px; border-radius: 10px; max-width: 90vw; opacity: 0; transition: opacity .2s; pointer-events: none; }
#toast.shown { opacity: 1; }
@media (max-width: 560px) { main { padding: 0 12px 40px; } .grid { grid-template-columns: 1fr; } th, td { padding: 8px 10px; } }
@media (max-width: 46rem) {
  .table thead { display: none; } .table tr { display: flex; flex-wrap: wrap; gap: 4px 14px; align-items: baseline; padding: 10px 14px; border-top: 1px solid var(--line); }
  .table tbody tr:first-child { border-top: 0; } .table td, .table td.right { border: 0; padding: 0; text-align: left; } .table td:empty { display: none; }
}
`;
