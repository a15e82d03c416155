// Asks the emulator through the official SDK what one would ask the service.
// Arguments: the base URL, the URL of a picture that the emulator serves, its SHA-256.
import assert from "node:assert/strict";
import OpenAI from "openai";

const [baseURL, picture, sha256] = process.argv.slice(2);
const prompt = "描述这张图片中的内容";

const client = new OpenAI({ baseURL, apiKey: "sk-emulator", maxRetries: 0 });

const question = (url) => ({
  model: "gpt-5-mini",
  input: [
    {
      role: "user",
      content: [
        { type: "input_text", text: prompt },
        { type: "input_image", image_url: url },
      ],
    },
  ],
});

async function fails(call, type, status, code) {
  const error = await call.then(
    () => assert.fail("the call succeeded"),
    (reason) => reason,
  );
  assert.ok(error instanceof type, `${error.constructor.name}: ${error.message}`);
  assert.equal(error.status, status);
  assert.equal(error.code, code);
  return error;
}

const { data, request_id } = await client.responses.create(question(picture)).withResponse();
const [first, second, ...rest] = data.output_text.split("\n");
assert.equal(first, `prompt: ${prompt}`);
assert.match(second, /^picture 1: format=png width=\d+ height=\d+ sha256=[0-9a-f]{64} /);
assert.ok(second.includes(`sha256=${sha256} `), second);
assert.deepEqual(rest, []);
assert.equal(data.status, "completed");
assert.equal(data.model, "gpt-5-mini-2025-08-07");
assert.deepEqual(data.output.map((item) => item.type), ["reasoning", "message"]);
assert.equal(data.usage.total_tokens, data.usage.input_tokens + data.usage.output_tokens);
assert.match(request_id, /^req_/);

const parsed = await client.responses.parse({
  ...question(picture),
  text: {
    format: {
      type: "json_schema",
      name: "facts",
      strict: true,
      schema: { type: "object", properties: { pictures: { type: "array" } } },
    },
  },
});
assert.equal(JSON.parse(parsed.output_text).pictures[0].sha256, sha256);

const bytes = Buffer.from(await (await fetch(picture)).arrayBuffer());
const inline = await client.responses.create(
  question(`data:image/png;base64,${bytes.toString("base64")}`),
);
assert.equal(inline.output_text, data.output_text);

const stranger = new OpenAI({ baseURL, apiKey: "sk-other", maxRetries: 0 });
await fails(
  stranger.responses.create(question(picture)), OpenAI.AuthenticationError, 401, "invalid_api_key");
const unknown = await fails(
  client.responses.create({ ...question(picture), colour: "red" }), OpenAI.BadRequestError, 400,
  "unknown_parameter");
assert.equal(unknown.param, "colour");
await fails(
  client.responses.create(question("https://example.invalid/cat.png")), OpenAI.BadRequestError,
  400, "invalid_image_url");
await fails(
  client.responses.create({ ...question(picture), model: "no-such-model" }), OpenAI.NotFoundError,
  404, "model_not_found");
await fails(
  new OpenAI({ baseURL: `${baseURL}/x`, apiKey: "sk-emulator", maxRetries: 0 }).responses.create(
    question(picture)), OpenAI.NotFoundError, 404, "unknown_url");

console.log("passed");
