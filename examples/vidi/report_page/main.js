const main = () => {
    const store = new Store();
    byId('main').hidden = false;
    let results;
    showSummary(store.summary, (show) => results.choose(show));
    showCharts(store.summary);
    results = new Results(store);
};

main();
