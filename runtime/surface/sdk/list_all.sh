#!/usr/bin/env bash
# Makes the field lists of all surfaces from the pinned SDKs, as files beside this script. A new SDK
# version is a new run with another number here; registry_test then names the fields without a row.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --prefix "$work" --silent --ignore-scripts \
  typescript@5 openai@6.49.0 @anthropic-ai/sdk@1.10.0 ollama@0.6.4
cp "$here/list_fields.mjs" "$work"
cd "$work"

list() { node list_fields.mjs "node_modules/$2" "$3" >"$here/$1.txt"; }
openai=openai/resources
list openai_chat $openai/chat/completions/completions.d.ts ChatCompletionCreateParams
list openai_responses $openai/responses/responses.d.ts ResponseCreateParams
list openai_completions $openai/completions.d.ts CompletionCreateParams
list openai_embeddings $openai/embeddings.d.ts EmbeddingCreateParams
list anthropic_messages @anthropic-ai/sdk/resources/messages/messages.d.ts MessageCreateParams
list anthropic_count_tokens @anthropic-ai/sdk/resources/messages/messages.d.ts MessageCountTokensParams
list ollama_chat ollama/dist/browser.d.ts ChatRequest
list ollama_generate ollama/dist/browser.d.ts GenerateRequest
list ollama_embed ollama/dist/browser.d.ts EmbedRequest
wc -l "$here"/*.txt
