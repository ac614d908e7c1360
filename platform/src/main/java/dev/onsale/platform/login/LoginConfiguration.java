package dev.onsale.platform.login;

import dev.onsale.platform.http.ProblemWriter;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Login of browsers by cookie. */
@Configuration(proxyBeanMethods = false)
public class LoginConfiguration {

    @Bean
    LoginCookieFilter loginCookieFilter(ProblemWriter problems) {
        return new LoginCookieFilter(problems);
    }

    @Bean
    LoginController loginController(ObjectProvider<LoginMethod> login) {
        return new LoginController(login);
    }
}
