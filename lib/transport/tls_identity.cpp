#include "transport/tls_identity.hpp"

#include <boost/asio/buffer.hpp>

#include <openssl/ssl.h>

#include <algorithm>

namespace vidi::transport {
namespace {

// Tells OpenSSL the password while it lives. OpenSSL's own way would be to ask whoever sits at the
// terminal.
class password_prompt
{
public:
    password_prompt(SSL_CTX* context, secret const& password)
        : context_{context}, password_{password}
    {
        SSL_CTX_set_default_passwd_cb(context_, &password_prompt::answer);
        SSL_CTX_set_default_passwd_cb_userdata(context_, this);
    }
    password_prompt(password_prompt const&) = delete;
    password_prompt& operator=(password_prompt const&) = delete;

    ~password_prompt()
    {
        SSL_CTX_set_default_passwd_cb(context_, nullptr);
        SSL_CTX_set_default_passwd_cb_userdata(context_, nullptr);
    }

    bool asked() const noexcept { return asked_; }

private:
    static int answer(char* to, int size, int, void* prompt)
    {
        auto& self = *static_cast<password_prompt*>(prompt);
        self.asked_ = true;
        auto const& text = self.password_.reveal();
        if (text.empty() || text.size() > static_cast<std::size_t>(size))
            return -1;
        std::ranges::copy(text, to);
        return static_cast<int>(text.size());
    }

    SSL_CTX* context_;
    secret const& password_;
    bool asked_ = false;
};

// What contradicts itself, or is not complete.
std::string contradiction_in(tls_options const& options)
{
    bool const has_certificate = !options.certificate_file.empty() || !options.certificate.empty();
    bool const has_key = !options.private_key_file.empty() || !options.private_key.empty();
    if (!options.certificate_file.empty() && !options.certificate.empty())
        return "tls.certificate: tls.certificate_file is set too";
    if (!options.private_key_file.empty() && !options.private_key.empty())
        return "tls.private_key: tls.private_key_file is set too";
    if (has_certificate && !has_key)
        return "tls.private_key_file: the certificate needs a private key";
    if (has_key && !has_certificate)
        return "tls.certificate_file: the private key needs a certificate";
    if (!options.private_key_password.empty() && !has_key)
        return "tls.private_key_password: there is no private key";
    return {};
}

void load_certificate(
    asio::ssl::context& context, tls_options const& options, error_code& ec, std::string& detail)
{
    if (options.certificate_file.empty()) {
        context.use_certificate_chain(asio::buffer(options.certificate), ec);
        detail = "tls.certificate: ";
    }
    else {
        context.use_certificate_chain_file(options.certificate_file, ec);
        detail = "tls.certificate_file: " + options.certificate_file + ": ";
    }
    if (ec)
        detail += "it cannot be used: " + ec.message();
}

void load_private_key(
    asio::ssl::context& context, tls_options const& options, error_code& ec, std::string& detail)
{
    auto const pem = asio::ssl::context::pem;
    if (options.private_key_file.empty()) {
        context.use_private_key(asio::buffer(options.private_key.reveal()), pem, ec);
        detail = "tls.private_key: ";
    }
    else {
        context.use_private_key_file(options.private_key_file, pem, ec);
        detail = "tls.private_key_file: " + options.private_key_file + ": ";
    }
    if (ec)
        detail += "it cannot be used: " + ec.message();
}

} // namespace

void load_identity(
    asio::ssl::context& context, tls_options const& options, error_code& ec, std::string& detail)
{
    if (auto problem = contradiction_in(options); !problem.empty()) {
        detail = std::move(problem);
        ec = errc::invalid_configuration;
        return;
    }
    if (options.certificate_file.empty() && options.certificate.empty())
        return;
    password_prompt prompt{context.native_handle(), options.private_key_password};
    load_certificate(context, options, ec, detail);
    if (!ec)
        load_private_key(context, options, ec, detail);
    if (!ec) {
        detail.clear();
        return;
    }
    if (prompt.asked())
        detail += " (it is encrypted, see tls.private_key_password)";
    ec = errc::invalid_configuration;
}

} // namespace vidi::transport
