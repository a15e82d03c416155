#include "tool_fixture.hpp"

#include "support/pictures.hpp"

#include <boost/json/parse.hpp>

#include <netinet/in.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace vidi_test {

namespace {

using namespace std::chrono_literals;

std::filesystem::path make_directory()
{
    auto path = (std::filesystem::temp_directory_path() / "vidi-tool-XXXXXX").string();
    if (!::mkdtemp(path.data()))
        throw std::runtime_error("cannot make a directory");
    return path;
}

std::uint8_t part(int number, int index)
{
    return static_cast<std::uint8_t>(number >> (8 * index) & 0xff);
}

} // namespace

std::string numbered_picture(int number)
{
    colour const upper{part(number, 0), part(number, 1), part(number, 2)};
    return make_png(16, 8, upper, {});
}

std::string sha256(std::string_view bytes)
{
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    ::EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, ::EVP_sha256(), nullptr);
    std::string text;
    for (auto const byte : digest) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

std::vector<boost::json::value> parse_lines(std::string_view text)
{
    std::vector<boost::json::value> values;
    std::istringstream stream{std::string{text}};
    for (std::string line; std::getline(stream, line);)
        values.push_back(boost::json::parse(line));
    return values;
}

std::vector<boost::json::value> sorted_by_line(std::string_view text)
{
    auto records = parse_lines(text);
    std::ranges::sort(records, {}, [](auto const& record) { return record.at("line").as_int64(); });
    return records;
}

std::string read_file(std::filesystem::path const& path)
{
    std::ifstream file{path, std::ios::binary};
    EXPECT_TRUE(file) << path;
    return {std::istreambuf_iterator<char>{file}, {}};
}

void write_file(std::filesystem::path const& path, std::string_view text)
{
    std::ofstream file{path, std::ios::binary};
    file << text;
    ASSERT_TRUE(file.flush()) << path;
}

tool::tool(vidi::testing::emulator_options options)
    : directory_{make_directory()}, server_{std::make_unique<vidi::testing::emulator>(
                                        std::move(options))}
{
    server_->write_ca_certificate(path("ca.pem"));
}

tool::~tool()
{
    server_.reset();
    std::filesystem::remove_all(directory_);
}

process_settings tool::with_emulator(arguments words) const
{
    words.insert(
        words.begin() + 1, {"--base-url", server_->base_url(), "--ca-file", path("ca.pem")});
    return {
        .arguments = std::move(words),
        .environment = {
            {"OPENAI_API_KEY", "sk-emulator"}, {"DMXAPI_API_KEY", ""}, {"OPENAI_BASE_URL", ""}}};
}

std::string tool::serve(int number)
{
    auto const name = std::to_string(number) + ".png";
    server_->add_image(name, numbered_picture(number));
    return server_->image_url(name);
}

std::string tool::answer(std::string const& prompt, int number)
{
    // The mean of a half in that colour and a black half, rounded to nearest.
    std::string mean;
    for (int index = 0; index != 3; ++index) {
        auto const value = (part(number, index) + 1) / 2;
        mean += "0123456789abcdef"[value >> 4];
        mean += "0123456789abcdef"[value & 15];
    }
    return "prompt: " + prompt +
           "\npicture 1: format=png width=16 height=8 sha256=" + sha256(numbered_picture(number)) +
           " mean_colour=#" + mean;
}

// Bound, so that nobody else is there; not listening, so that connections are refused.
std::string tool::unreachable_url()
{
    bound_ = open_file{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(bound_.get(), generic, size) != 0 ||
        ::getsockname(bound_.get(), generic, &size) != 0)
        throw std::runtime_error("cannot bind a socket");
    return "https://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/v1";
}

void tool::wait_until_stalled(std::size_t count)
{
    ASSERT_TRUE(server_->wait_for(
        [count](auto const& statistics) { return statistics.stalled == count; }, 60s));
}

} // namespace vidi_test
