#include "adapters/gateway/paths.h"

#include <gtest/gtest.h>

namespace hpol::gateway {
namespace {

using enum Path::Serves;

Path Find(std::string_view target, bool anthropic = false) {
  http::RequestHead head;
  head.target = target;
  if (anthropic) head.fields.push_back({"Anthropic-Version", "2023-06-01"});
  return FindPath(head);
}

TEST(Paths, EachSurfaceHasOne) {
  const struct {
    const char* target;
    Surface surface;
  } cases[] = {
      {"/v1/chat/completions", Surface::kOpenAiChat},
      {"/v1/responses", Surface::kOpenAiResponses},
      {"/v1/completions", Surface::kOpenAiCompletions},
      {"/v1/embeddings", Surface::kOpenAiEmbeddings},
      {"/v1/messages", Surface::kAnthropicMessages},
      {"/v1/messages?beta=true", Surface::kAnthropicMessages},
      {"/v1/messages/count_tokens", Surface::kAnthropicCountTokens},
      {"/api/chat", Surface::kOllamaChat},
      {"/api/generate", Surface::kOllamaGenerate},
      {"/api/embed", Surface::kOllamaEmbed},
  };
  for (const auto& one : cases) {
    const Path path = Find(one.target);
    EXPECT_EQ(path.serves, kSurface) << one.target;
    EXPECT_EQ(path.surface, one.surface) << one.target;
    EXPECT_EQ(path.method, "POST");
    EXPECT_TRUE(path.needs_key());
  }
}

TEST(Paths, WhatIsNotOfferedIsRefusedByName) {
  for (const char* target : {"/v1/files",
                             "/v1/files/f-1/content",
                             "/v1/batches",
                             "/v1/vector_stores/v?limit=1",
                             "/v1/realtime?model=m",
                             "/v1/audio/transcriptions",
                             "/v1/images/generations",
                             "/v1/responses/resp_1",
                             "/v1/responses/resp_1/cancel",
                             "/v1/chat/completions/c",
                             "/v1/messages/batches",
                             "/v1/conversations",
                             "/v1/uploads",
                             "/v1/containers",
                             "/v1/fine_tuning/jobs",
                             "/v1/moderations",
                             "/v1/complete",
                             "/api/embeddings",
                             "/api/pull",
                             "/api/create",
                             "/api/web_search",
                             "/api/blobs/sha256:1"}) {
    const Path path = Find(target);
    EXPECT_EQ(path.serves, kRefused) << target;
    EXPECT_FALSE(path.why.empty()) << target;
  }
  EXPECT_EQ(Find("/v1/messages/batches").surface, Surface::kAnthropicMessages);
  EXPECT_EQ(Find("/api/pull").surface, Surface::kOllamaChat);
}

TEST(Paths, AreComparedByteByByte) {
  for (const char* target :
       {"/v1/chat/completions/../models", "/v1/%63hat/completions", "/V1/models", "/v1/models?x",
        "/v1/messages?beta=false", "/v1/filesystem", "/v1", "/v1/responses?x=1", "/v1/chat/completions/",
        "/v1/files/../models", "/", "*", "/api/chat/", "http://a/v1/messages", "/v1/messages;a=b"}) {
    EXPECT_EQ(Find(target).serves, kNothing) << target;
  }
  EXPECT_EQ(Find("/v1/models/a/b").serves, kModel);
  EXPECT_EQ(Find("/v1/models/a/b").target, "a/b");
}

TEST(Paths, OnePathTwoShapes) {
  EXPECT_EQ(Find("/v1/models").surface, Surface::kOpenAiChat);
  EXPECT_EQ(Find("/v1/models", true).surface, Surface::kAnthropicMessages);
  EXPECT_EQ(Find("/v1/models/m", true).surface, Surface::kAnthropicMessages);
  EXPECT_EQ(Find("/nothing", true).surface, Surface::kAnthropicMessages);
  EXPECT_EQ(Find("/api/nothing").surface, Surface::kOllamaChat);
  // A surface's own path is not told by a header.
  EXPECT_EQ(Find("/v1/chat/completions", true).surface, Surface::kOpenAiChat);
}

}  // namespace
}  // namespace hpol::gateway
