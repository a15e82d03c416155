// The official SDK. Its command line and what it prints are those of the other peers.

import OpenAI from "openai";
import { parseArgs } from "node:util";
import { performance } from "node:perf_hooks";

const { values } = parseArgs({
    options: {
        mode: { type: "string", default: "load" },
        host: { type: "string", multiple: true, default: ["127.0.0.1"] },
        port: { type: "string" },
        ca: { type: "string" }, // given to Node by its environment
        concurrency: { type: "string", short: "c", default: "64" },
        requests: { type: "string", short: "n", default: "2000" },
        pace: { type: "string", default: "0" },
    },
});
const requests = Number(values.requests);
const concurrency = values.mode === "hold" ? requests : Number(values.concurrency);

const question = JSON.parse(process.env.QUESTION);
const clients = values.host.map((host) => new OpenAI({
    apiKey: "sk-benchmark",
    baseURL: `https://${host}:${values.port}/v1`,
    maxRetries: 0,
}));

const cpu_us = () => {
    const { user, system } = process.cpuUsage();
    return user + system;
};

const warmUp = Math.max(2 * concurrency, requests / 10);
const begin = cpu_us();
let taken = 0, done = 0, warm;
const latencies = [];

async function work(client) {
    while (taken < requests) {
        ++taken;
        const sent = performance.now();
        const response = await client.responses.create(question);
        if (!response.output_text)
            throw new Error("an answer without text");
        if (++done > warmUp)
            latencies.push(1000 * (performance.now() - sent));
        if (done === warmUp)
            warm = { cpu: cpu_us(), time: performance.now() };
    }
}

async function run() {
    await Promise.all(Array.from(
        { length: concurrency }, (_, slot) => work(clients[slot % clients.length])));
    const steady = requests - warmUp;
    latencies.sort((a, b) => a - b);
    const latency = (share) => Math.round(latencies[Math.floor(share * latencies.length)]);
    console.log(JSON.stringify({
        requests,
        cpu_us: (cpu_us() - begin) / requests,
        steady_requests: steady,
        steady_cpu_us: (cpu_us() - warm.cpu) / steady,
        per_second: 1000 * steady / (performance.now() - warm.time),
        p50_us: latency(0.5),
        p99_us: latency(0.99),
    }));
}

await run();
process.exit(0);
