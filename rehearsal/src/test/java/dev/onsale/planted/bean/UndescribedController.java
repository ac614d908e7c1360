package dev.onsale.planted.bean;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** An endpoint that the API's description says nothing about. */
@RestController
public class UndescribedController {

    @GetMapping("/planted")
    String planted() {
        return "";
    }
}
