#pragma once

#include <vidi/error.hpp>
#include <vidi/response.hpp>

#include <optional>
#include <string>

namespace vidi_tool {

/// Which images a failure is about.
enum class reach
{
    one_image,   ///< The next image may succeed.
    perhaps_all, ///< As far as can be seen from one image, every other would fail like it.
    all_images   ///< Every other image fails like it.
};

/// Why an image has no answer.
struct problem
{
    /// For programs: the name of a `vidi::errc`, or one of `bad_line`, `unreadable_image`,
    /// `incomplete`, `failed`, `cancelled`, `unfinished`, `refused`, `no_text`.
    std::string kind{};
    /// For a person, on one line.
    std::string message{};
    /// What to do about it; may be empty.
    std::string advice{};
    reach concerns = reach::one_image;
};

/// What became of one image.
struct outcome
{
    /// What arrived, whether or not there is a problem. None if nothing was asked.
    std::optional<vidi::response> response{};
    std::optional<problem> failure{};
    /// What arrived is a response of the API, be it a failed one.
    bool answered = false;
    /// The request was cancelled by this program.
    bool given_up = false;
};

/// The outcome of an operation of the client.
outcome judge(vidi::error_code code, vidi::response response);

/// The outcome of what could not be sent.
outcome unusable(std::string kind, std::string message);

/// The status as the server named it; empty if it gave none.
std::string status_name(vidi::response const& response);

} // namespace vidi_tool
