#pragma once

#include <string>

/// What is asked, in the same words by all peers: about 1 KB.
namespace load::question {

inline constexpr char const* target = "/v1/responses";
inline constexpr char const* key = "sk-benchmark";
inline constexpr char const* model = "gpt-5-mini";

std::string const& text();
std::string const& picture();

/// The body of the request, made anew.
std::string body();

} // namespace load::question
