#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace vidi::emulation {

/// A picture that the server offers itself.
struct shelved_picture
{
    std::string bytes;
    std::string sha256;
    std::string media_type;
};

/// The pictures under `/images/`. May be used from any thread.
class picture_shelf
{
public:
    static constexpr std::string_view path = "/images/";

    /// Throws std::invalid_argument if the name would have to be escaped in a URL.
    void add(std::string name, std::string bytes);

    /// Null if there is none at that path of a URL.
    std::shared_ptr<shelved_picture const> find(std::string_view url_path) const;

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::shared_ptr<shelved_picture const>, std::less<>> pictures_;
};

} // namespace vidi::emulation
