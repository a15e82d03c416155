#pragma once

#include <string>

namespace load {

/// What is asked, in the same words by all peers.
struct question
{
    static constexpr char const* target = "/v1/responses";
    static constexpr char const* key = "sk-benchmark";

    std::string model;
    std::string text;
    std::string picture;

    /// From a file that holds the body of the request, as the peer in JavaScript reads it too.
    static question read(std::string const& file);

    /// The body of the request, made anew.
    std::string body() const;
};

} // namespace load
