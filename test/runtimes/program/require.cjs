const chainrule = require('chainrule');
const { report } = require('./report.js');

report(chainrule).then((said) => console.log(JSON.stringify(said)));
