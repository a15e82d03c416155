#include <vidi/proxy.hpp>

#include "protocol/wipe.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace vidi {

proxy_options proxy_options::from_url(std::string_view url)
{
    constexpr std::string_view usual_scheme = "http://";
    proxy_options result;
    std::string text;
    text.reserve(usual_scheme.size() + url.size());
    if (url.find("://") == std::string_view::npos)
        text = usual_scheme;
    text += url;
    auto const parsed = boost::urls::parse_uri(text);
    if (!parsed || !parsed->has_userinfo()) {
        result.url = std::move(text);
        return result;
    }
    result.user = parsed->user();
    result.password = std::string{parsed->password()};
    auto const user = parsed->encoded_userinfo();
    std::string_view const whole = text;
    auto const begin = static_cast<std::size_t>(user.data() - text.data());
    result.url = whole.substr(0, begin);
    result.url += whole.substr(begin + user.size() + 1); // behind the @
    protocol::wipe(text);
    return result;
}

} // namespace vidi
