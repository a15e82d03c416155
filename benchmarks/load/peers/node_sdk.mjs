// The official SDK. Its command line and what it prints are those of the other peers.

import OpenAI from "openai";
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";

const { values: options } = parseArgs({
    options: {
        mode: { type: "string", default: "load" },
        host: { type: "string", multiple: true, default: ["127.0.0.1"] },
        port: { type: "string" },
        ca: { type: "string" }, // NODE_EXTRA_CA_CERTS counts.
        question: { type: "string" },
        concurrency: { type: "string", short: "c", default: "64" },
        requests: { type: "string", short: "n", default: "2000" },
        pace: { type: "string", default: "0" },
        seconds: { type: "string", default: "0" },
    },
});
const requests = Number(options.requests);
const question = JSON.parse(readFileSync(options.question, "utf8"));
const clients = options.host.map((host) => new OpenAI({
    apiKey: "sk-benchmark",
    baseURL: `https://${host}:${options.port}/v1`,
    maxRetries: options.mode === "saturate" ? undefined : 0, // Its own, against a rate limit.
    timeout: 600_000,
}));

async function ask(client) {
    const response = await client.responses.create(question);
    if (!response.output_text)
        throw new Error("an answer without text");
}

function now() {
    const { user, system } = process.cpuUsage();
    return { cpu: user + system, time: performance.now() };
}

async function load(concurrency) {
    const warmUp = Math.max(2 * concurrency, requests / 10);
    const begin = now();
    const latencies = [];
    let taken = 0, done = 0, warm;

    async function work(client) {
        while (taken < requests) {
            ++taken;
            const sent = performance.now();
            await ask(client);
            if (++done > warmUp)
                latencies.push(1000 * (performance.now() - sent));
            if (done === warmUp)
                warm = now();
        }
    }
    await Promise.all(Array.from(
        { length: concurrency }, (_, i) => work(clients[i % clients.length])));

    const end = now();
    const steady = requests - warmUp;
    latencies.sort((a, b) => a - b);
    console.log(JSON.stringify({
        requests,
        cpu_us: (end.cpu - begin.cpu) / requests,
        steady_requests: steady,
        steady_cpu_us: (end.cpu - warm.cpu) / steady,
        per_second: 1000 * steady / (end.time - warm.time),
        p50_us: Math.round(latencies[Math.floor(0.5 * steady)]),
        p99_us: Math.round(latencies[Math.floor(0.99 * steady)]),
    }));
    process.exit(0); // The SDK's idle connections would keep it.
}

async function hold(pace) {
    const before = process.memoryUsage();
    process.on("SIGUSR2", () => {
        const rss_bytes = (process.memoryUsage().rss - before.rss) / requests;
        console.log(JSON.stringify({ requests, rss_bytes }));
        process.exit(0);
    });
    for (let i = 0; i < requests; ++i) {
        ask(clients[i % clients.length]);
        await new Promise((resolve) => setTimeout(resolve, 1000 / pace));
    }
}

async function saturate(concurrency, seconds) {
    const begin = performance.now();
    const answered = [];
    let failed = 0;

    async function work(client) {
        for (;;) {
            try {
                await ask(client);
                answered.push(Math.round(performance.now() - begin));
            } catch (error) {
                if (error.status !== 429)
                    throw error;
                ++failed;
            }
        }
    }
    setTimeout(() => {
        console.log(JSON.stringify({ answered_ms: answered, failed }));
        process.exit(0);
    }, 1000 * seconds);
    await Promise.all(Array.from(
        { length: concurrency }, (_, i) => work(clients[i % clients.length])));
}

if (options.mode === "hold")
    await hold(Number(options.pace));
else if (options.mode === "saturate")
    await saturate(Number(options.concurrency), Number(options.seconds));
else
    await load(Number(options.concurrency));
