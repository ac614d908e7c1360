package dev.onsale.planted.bean;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Has an endpoint without an OpenAPI description. */
@RestController
public class UndescribedController {

    @GetMapping("/planted")
    String planted() {
        return "";
    }
}
