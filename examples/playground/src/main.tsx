import { render } from 'preact';
import { Session } from './session/session.js';
import { applyTheme } from './session/theme.js';
import { App } from './view/app.jsx';
import 'uplot/dist/uPlot.min.css';
import './style/base.css';
import './style/layout.css';
import './style/controls.css';
import './style/network.css';
import './style/derivative.css';
import './style/lesson.css';
import './style/health.css';
import './style/chain.css';

applyTheme();
const root = document.getElementById('app');
if (root) render(<App session={new Session()} />, root);
