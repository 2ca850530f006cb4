const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
worker.onerror = ({ message }) => show(`failed: ${message}`);
worker.onmessage = ({ data }) => show(data);

function show(text) {
  document.querySelector('output').textContent = text;
}
