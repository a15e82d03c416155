// Opens a report of 100,000 made-up results and uses it as a person would. The first of its
// results are made to do harm; see make_report.cpp.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {pathToFileURL} from 'node:url';
import {chromium} from 'playwright-core';

const directory = process.argv[2];
const large = pathToFileURL(`${directory}/report.html`).href;
const small = pathToFileURL(`${directory}/small.html`).href;
const count = 100000;
const hostile = 13;

let browser;
const left = [];
const complaints = [];

// What a page asks for from elsewhere is counted and not let out.
const open = async (url, options = {}) => {
    const context = await browser.newContext(
        {viewport: {width: 1280, height: 900}, timezoneId: 'UTC', ...options});
    await context.route((address) => !['file:', 'data:'].includes(address.protocol), (route) => {
        left.push(route.request().url());
        return route.abort();
    });
    const page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(url);
    await page.waitForSelector('#rows tr');
    return page;
};

const close = (page) => page.context().close();
const status = (page) => page.textContent('#status');
const found = async (page) => Number((await status(page)).split(' ')[0].replaceAll(',', ''));
const searched = (page) => page.waitForSelector('#progress', {state: 'hidden'});

const search = async (page, query) => {
    await page.fill('#query', query);
    await page.press('#query', 'Enter');
    await searched(page);
};

const numbers = (page) => page.$$eval('#rows button.open', (buttons) =>
    buttons.map((button) => Number(button.textContent.replaceAll(',', ''))));

before(async () => {
    browser = await chromium.launch({
        executablePath: '/usr/bin/chromium',
        args: process.getuid() === 0 ? ['--no-sandbox'] : []});
});
after(() => browser.close());

test('shows the first of all results soon', async () => {
    const begin = performance.now();
    const page = await open(large);
    console.log(`opened in ${Math.round(performance.now() - begin)} ms`);
    assert.equal(await status(page), '100,000 results');
    assert.equal((await numbers(page)).length, 50);
    assert.equal((await page.$$('.chart')).length, 4);
    assert.equal(await page.textContent('h1'), 'results <b>&amp;</b> 猫.jsonl');
    await close(page);
});

test('takes everything for text', async () => {
    const page = await open(large);
    const texts = await page.$$eval('#rows tr', (rows) => rows.map((row) => row.innerText));
    assert.ok(texts[0].includes('<script>harmed=1</script> (made to do harm)'));
    assert.ok(texts[1].includes('</script><script>harmed=2</script>'));
    assert.ok(texts[2].includes('<!-- <script>harmed=3'));
    assert.ok(texts[4].includes('<img src=x onerror=harmed=4><svg onload=harmed=5>'));
    assert.ok(texts[5].includes('${harmed=7} {{data}}'));
    assert.ok(texts[6].includes('&lt;b&gt; &amp; &#0; \\u003cscript\\u003e \\'));
    assert.ok(texts[8].includes('surrogate \ufffd\ufffd\ufffd cut \ufffd\ufffd'));
    assert.ok(texts[10].includes('nul \u2400 bell \u2407 escape \u241b[31m delete \u2421'));
    for (let number = 1; number <= hostile; ++number) {
        await page.click(`#rows tr:nth-child(${number}) button.open`);
        assert.ok((await page.innerText('#detail-body .answer')).includes('(made to do harm)'));
        assert.equal(await page.$('#detail-body :is(script, a, svg, b, img)'), null);
        await page.press('#detail', 'Escape');
    }
    assert.equal(await page.evaluate(() => typeof harmed), 'undefined');
    assert.equal(await page.$('#rows :is(script, svg, b)'), null);
    await close(page);
});

test('has a policy that keeps everything out', async () => {
    const page = await open(large);
    const quiet = complaints.length;
    const before = left.length;
    const ran = await page.evaluate(async () => {
        const script = document.createElement('script');
        script.textContent = 'window.harmed = 9';
        document.body.append(script);
        document.body.append(Object.assign(new Image(), {src: 'https://images.example/a.png'}));
        const style = document.createElement('style');
        style.textContent = 'body { display: none }';
        document.body.append(style);
        await fetch('https://images.example/').catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 200));
        return [window.harmed, getComputedStyle(document.body).display];
    });
    assert.deepEqual(ran, [undefined, 'block']);
    assert.equal(left.length, before);
    // The browser says what it did not allow.
    assert.ok(complaints.splice(quiet).length >= 4);
    await close(page);
});

test('finds text, by each of its words', async () => {
    const page = await open(large);
    const begin = performance.now();
    await search(page, 'the NEEDLE lies');
    console.log(`searched in ${Math.round(performance.now() - begin)} ms`);
    assert.equal(await status(page), '1 of 100,000 results');
    assert.deepEqual(await numbers(page), [77777]);
    assert.ok((await page.innerText('#rows')).includes('Needle'));
    assert.deepEqual(new Set(await page.$$eval('#rows mark', (marks) =>
        marks.map((mark) => mark.textContent.toLowerCase()))), new Set(['the', 'needle', 'lies']));
    await search(page, '橘色的猫');
    assert.ok(await found(page) > 10000);
    await search(page, 'no such thing anywhere');
    assert.ok(await page.isVisible('#empty'));
    await page.click('#reset');
    assert.equal(await found(page), count);
    await close(page);
});

test('answers while it searches', async () => {
    const page = await open(large);
    await page.evaluate(() => {
        window.longest = 0;
        let before = performance.now();
        const tick = () => {
            const now = performance.now();
            window.longest = Math.max(window.longest, now - before);
            before = now;
            window.ticking = setTimeout(tick, 0);
        };
        tick();
    });
    await search(page, 'no such thing anywhere');
    const longest = await page.evaluate(() => window.longest);
    console.log(`never longer than ${Math.round(longest)} ms without an answer`);
    assert.ok(longest < 500);
    // A second search ends the first.
    await page.fill('#query', 'a');
    await page.press('#query', 'Enter');
    await search(page, 'needle');
    assert.equal(await found(page), 1);
    await close(page);
});

test('shows one kind alone', async () => {
    const page = await open(large);
    const total = await page.evaluate(() => {
        const {endings} = JSON.parse(document.querySelector('script.summary').textContent);
        return Object.fromEntries(endings.map(({kind, count}) => [kind, count]));
    });
    await page.click('#failure-rows button >> text=rate_limited');
    assert.equal(await found(page), total.rate_limited);
    const badges = await page.$$eval('#rows .badge', (all) => all.map((badge) => badge.textContent));
    assert.deepEqual(new Set(badges), new Set(['rate_limited']));
    await page.selectOption('#show', 'failed');
    const failed = await found(page);
    await page.selectOption('#show', 'unfinished');
    assert.equal(await found(page), 500);
    await page.selectOption('#show', 'succeeded');
    assert.equal(await found(page) + failed + 500, count);
    await close(page);
});

test('goes from page to page', async () => {
    const page = await open(large);
    await page.click('.pager >> nth=0 >> text=Next');
    assert.equal((await numbers(page))[0], 51);
    await page.click('.pager >> nth=0 >> text=Last');
    assert.equal((await numbers(page)).at(-1), count);
    await page.fill('.pager input >> nth=0', '1000');
    await page.press('.pager input >> nth=0', 'Enter');
    assert.equal((await numbers(page))[0], 49951);
    await page.selectOption('#page-size', '200');
    assert.equal((await numbers(page)).length, 200);
    await page.selectOption('#order', 'slowest');
    const times = await page.$$eval('#rows td:nth-child(5)', (cells) => cells.map((cell) => cell.textContent));
    assert.ok(times[0].endsWith(' s') && Number.parseFloat(times[0]) >= Number.parseFloat(times[199]));
    await close(page);
});

test('is shown again as it was', async () => {
    const page = await open(large);
    await page.selectOption('#show', 'failed');
    await page.selectOption('#order', 'tokens');
    await page.click('.pager >> nth=0 >> text=Next');
    const before = await numbers(page);
    await page.reload();
    await page.waitForSelector('#rows tr');
    assert.deepEqual(await numbers(page), before);
    await close(page);
});

test('can be used with the keyboard alone', async () => {
    const page = await open(large);
    await page.focus('#rows button.open >> nth=48');
    await page.keyboard.press('Enter');
    assert.match(await page.textContent('#detail-heading'), /^No\. 49,/);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    assert.match(await page.textContent('#detail-heading'), /^No\. 51,/);
    await page.keyboard.press('Escape');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), '51');
    assert.equal((await numbers(page))[0], 51);
    await page.focus('.chart svg');
    await page.keyboard.press('ArrowRight');
    assert.match(await page.textContent('.chart .readout'), /ms to .*%/);
    await close(page);
});

test('loads a picture from the web when it is asked to, if it may', async () => {
    const strict = await open(large);
    await strict.click('#rows button.open >> text="16"');
    assert.equal(await strict.getAttribute('#detail-body a', 'rel'), 'noreferrer noopener');
    assert.equal(await strict.$('#detail-body >> text=Load the picture'), null);
    await close(strict);

    const page = await open(small);
    const before = left.length;
    await page.click('#rows button.open >> text="16"');
    assert.equal(left.length, before);
    await page.click('#detail-body >> text=Load the picture');
    await page.waitForSelector('#detail-body >> text=could not be loaded');
    assert.deepEqual(left.splice(before), ['https://images.example/collection/16.jpg']);
    complaints.splice(complaints.findIndex((text) => text.includes('ERR_FAILED')), 1);
    await close(page);
});

test('fits windows of every width, light and dark', async () => {
    for (const [width, size] of [[360, 'narrow'], [768, 'medium'], [1280, 'wide'], [1920, 'full']])
        for (const colorScheme of ['light', 'dark']) {
            const page = await open(small, {viewport: {width, height: 900}, colorScheme});
            assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
            const name = `${directory}/${size}-${colorScheme}`;
            await page.screenshot({path: `${name}.png`});
            for (const part of ['charts', 'failures', 'results']) {
                await page.evaluate((id) => document.getElementById(id).scrollIntoView(), part);
                await page.screenshot({path: `${name}-${part}.png`});
            }
            await page.selectOption('#show', 'failed');
            await page.click('#rows button.open >> nth=0');
            await page.screenshot({path: `${name}-failure.png`});
            await page.press('#detail', 'Escape');
            await page.selectOption('#show', 'all');
            await page.click('#rows button.open >> text="15"');
            await page.screenshot({path: `${name}-detail.png`});
            await close(page);
        }
});

test('can be printed', async () => {
    const page = await open(small);
    await page.pdf({path: `${directory}/print.pdf`, format: 'A4'});
    await close(page);
});

test('asked for nothing and complained of nothing', () => {
    assert.deepEqual(left, []);
    assert.deepEqual(complaints, []);
});
