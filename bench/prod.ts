import { bestPeak, compilePeak, measurePeak } from './peak.js';
import { measureProducts, PRODUCTS } from './products.js';
const kernels = await compilePeak();
const peak = bestPeak([measurePeak(kernels, 100)]).best; console.log(peak);
for (const n of ['reproducible','fused'] as const) { const r = await measureProducts(n); 
 for (const s of new Set(r.map(x=>x.shape))) console.log(n, s.padEnd(20), r.filter(x=>x.shape===s).map(x=>`${x.product} ${(100*x.median/peak).toFixed(1)} (${(100*x.best/peak).toFixed(1)})`).join('  ')); }
