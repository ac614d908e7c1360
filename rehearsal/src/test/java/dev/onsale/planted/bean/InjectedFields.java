package dev.onsale.planted.bean;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Uses field injection. */
@Component
public class InjectedFields {

    @Autowired
    @Nullable
    Sleeper sleeper;

    @Value("${onsale.planted:0}")
    int setting;
}
