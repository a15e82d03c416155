#pragma once

#include <vidi/detail/config.hpp>
#include <vidi/detail/omitted_members.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vidi {

/// @file
/// The parts that make up the content of a message.
///
/// Every structure has a member `additional`: what the JSON object holds beyond the typed members,
/// as JSON. That is unknown members, known members that were null, and values that the typed member
/// cannot hold. Serialising writes it back; a typed member that is set wins over the same name in
/// `additional`.

/// A piece of text from the caller.
struct input_text
{
    static constexpr std::string_view type_name = "input_text";

    std::string text{};
    /// Writes the prompt cache up to here: `{"mode":"explicit","ttl":"30m"}`. At most four a
    /// request. Null: not set.
    boost::json::value prompt_cache_breakpoint{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(input_text const&) const = default;
};

/// How closely the model looks at a picture. It decides the cost.
enum class image_detail
{
    automatic, ///< `auto`: the model's own choice, also the server's default.
    low,       ///< A version of 512 × 512 pixels.
    high,      ///< Resized to the limits of the model.
    original,  ///< Not resized. Newer models only; the cost may be unbounded.
};

/// A picture: by address, inline, or as an uploaded file. Exactly one of `image_url` and `file_id`.
///
/// The API reads PNG, JPEG, WebP and GIF without animation. It limits the whole request, currently
/// to 512 MB and 1,500 pictures; gateways have limits of their own.
struct input_image
{
    static constexpr std::string_view type_name = "input_image";

    /// An `http` or `https` URL that the provider's server downloads, or a data URL.
    std::optional<std::string> image_url{};
    /// The id of an uploaded file.
    std::optional<std::string> file_id{};
    /// Not sent unless set; the server then takes `auto`.
    std::optional<image_detail> detail{};
    /// As in @ref input_text.
    boost::json::value prompt_cache_breakpoint{};
    boost::json::object additional{};

    /// The picture at `url`.
    VIDI_DECL static input_image from_url(std::string url);

    /// The picture whose file content is `bytes`, as a data URL. Its format is read from its first
    /// bytes.
    ///
    /// Throws `boost::system::system_error` with `errc::invalid_request` if that is not PNG, JPEG,
    /// GIF or WebP.
    VIDI_DECL static input_image from_bytes(std::string_view bytes);

    /// The same with an explicit media type, such as `image/png`; `bytes` are not looked at.
    VIDI_DECL static input_image from_bytes(std::string_view bytes, std::string_view media_type);

    /// The picture that was uploaded as the file `id`.
    VIDI_DECL static input_image from_file_id(std::string id);

    bool operator==(input_image const&) const = default;
};

/// A document. Exactly one of `file_id`, `file_url` and `file_data`.
struct input_file
{
    static constexpr std::string_view type_name = "input_file";

    /// The id of an uploaded file.
    std::optional<std::string> file_id{};
    /// A URL that the provider's server downloads.
    std::optional<std::string> file_url{};
    /// The content, as a data URL in base64.
    std::optional<std::string> file_data{};
    std::optional<std::string> filename{};
    /// How closely the model looks at the pages: `auto`, `low`, `high`.
    std::optional<std::string> detail{};
    /// As in @ref input_text.
    boost::json::value prompt_cache_breakpoint{};
    boost::json::object additional{};

    bool operator==(input_file const&) const = default;
};

/// A source on the web. The indexes are those of the first and the last character in the text.
struct url_citation
{
    static constexpr std::string_view type_name = "url_citation";

    std::string url{};
    std::string title{};
    std::int64_t start_index = 0;
    std::int64_t end_index = 0;
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(url_citation const&) const = default;
};

/// A source that is an uploaded file.
struct file_citation
{
    static constexpr std::string_view type_name = "file_citation";

    std::string file_id{};
    std::string filename{};
    /// Position of the file in the list of files.
    std::int64_t index = 0;
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(file_citation const&) const = default;
};

/// A source that is a file in the container of the code interpreter.
struct container_file_citation
{
    static constexpr std::string_view type_name = "container_file_citation";

    std::string container_id{};
    std::string file_id{};
    std::string filename{};
    std::int64_t start_index = 0;
    std::int64_t end_index = 0;
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(container_file_citation const&) const = default;
};

/// A file that the model wrote.
struct file_path
{
    static constexpr std::string_view type_name = "file_path";

    std::string file_id{};
    /// Position of the file in the list of files.
    std::int64_t index = 0;
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(file_path const&) const = default;
};

/// An annotation of a type that is not known here; its members are in `additional`.
struct unknown_annotation
{
    std::string type{};
    boost::json::object additional{};

    bool operator==(unknown_annotation const&) const = default;
};

/// What a piece of output text refers to.
using annotation = std::variant<
    url_citation, file_citation, container_file_citation, file_path, unknown_annotation>;

/// One of the likeliest tokens at a position.
struct top_logprob
{
    std::string token{};
    /// Natural logarithm of the probability.
    double logprob = 0;
    /// The UTF-8 bytes of the token, 0 to 255.
    std::vector<std::int64_t> bytes{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(top_logprob const&) const = default;
};

/// The probability of a token of the output.
struct token_logprob
{
    std::string token{};
    /// Natural logarithm of the probability.
    double logprob = 0;
    /// The UTF-8 bytes of the token, 0 to 255. Some servers leave it out.
    std::vector<std::int64_t> bytes{};
    std::vector<top_logprob> top_logprobs{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(token_logprob const&) const = default;
};

/// A piece of text from the model.
struct output_text
{
    static constexpr std::string_view type_name = "output_text";

    std::string text{};
    std::vector<annotation> annotations{};
    /// Only if `request::include` asks for `message.output_text.logprobs`.
    std::vector<token_logprob> logprobs{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(output_text const&) const = default;
};

/// The model's words for why it does not answer.
struct output_refusal
{
    static constexpr std::string_view type_name = "refusal";

    std::string refusal{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(output_refusal const&) const = default;
};

/// A part of a type that is not known here; its other members are in `additional`.
struct unknown_part
{
    std::string type{};
    boost::json::object additional{};

    bool operator==(unknown_part const&) const = default;
};

/// A part of a message in the input: what the caller says, or what the model said before. Any other
/// type of part can be given as a JSON object.
using content_part = std::variant<
    input_text, input_image, input_file, output_text, output_refusal, boost::json::object>;

/// A part of a message from the model.
using output_part = std::variant<output_text, output_refusal, unknown_part>;

} // namespace vidi
